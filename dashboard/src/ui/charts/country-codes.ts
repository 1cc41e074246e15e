/** ISO 3166-1: the numbers by which maps know countries, and the letters by which everybody else does. */
const PAIRS =
  "004AF 008AL 010AQ 012DZ 024AO 031AZ 032AR 036AU 040AT 044BS 050BD 051AM 056BE 064BT 068BO 070BA 072BW " +
  "076BR 084BZ 090SB 096BN 100BG 104MM 108BI 112BY 116KH 120CM 124CA 140CF 144LK 148TD 152CL 156CN 158TW " +
  "170CO 178CG 180CD 188CR 191HR 192CU 196CY 203CZ 204BJ 208DK 214DO 218EC 222SV 226GQ 231ET 232ER 233EE " +
  "238FK 242FJ 246FI 250FR 260TF 262DJ 266GA 268GE 270GM 275PS 276DE 288GH 300GR 304GL 320GT 324GN 328GY " +
  "332HT 340HN 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL 380IT 384CI 388JM 392JP 398KZ 400JO 404KE " +
  "408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 440LT 442LU 450MG 454MW 458MY 466ML 478MR " +
  "484MX 496MN 498MD 499ME 504MA 508MZ 512OM 516NA 524NP 528NL 540NC 548VU 554NZ 558NI 562NE 566NG 578NO " +
  "586PK 591PA 598PG 600PY 604PE 608PH 616PL 620PT 624GW 626TL 630PR 634QA 642RO 643RU 646RW 682SA 686SN " +
  "688RS 694SL 703SK 704VN 705SI 706SO 710ZA 716ZW 724ES 728SS 729SD 732EH 740SR 748SZ 752SE 756CH 760SY " +
  "762TJ 764TH 768TG 780TT 784AE 788TN 792TR 795TM 800UG 804UA 807MK 818EG 826GB 834TZ 840US 854BF 858UY " +
  "860UZ 862VE 887YE 894ZM";

const LETTERS = new Map(PAIRS.split(" ").map((pair) => [pair.slice(0, 3), pair.slice(3)]));

/** Drawn by themselves, but without a number: where visits from there are counted. */
const UNNUMBERED: Readonly<Record<string, string>> = {
  Kosovo: "XK",
  "N. Cyprus": "CY",
  Somaliland: "SO",
};

/** The two letters of a shape of the map; null where it belongs to no country. */
export function lettersOf(id: string | number | undefined, name: string): string | null {
  return LETTERS.get(String(id ?? "").padStart(3, "0")) ?? UNNUMBERED[name] ?? null;
}

/** Too small to be drawn at this scale: `[longitude, latitude]` of a dot in their place. */
export const SMALL: Readonly<Record<string, readonly [number, number]>> = {
  AD: [1.52, 42.5],
  BB: [-59.55, 13.19],
  BH: [50.55, 26.07],
  CV: [-23.6, 15.1],
  GI: [-5.35, 36.14],
  GP: [-61.58, 16.2],
  HK: [114.17, 22.3],
  KM: [43.3, -11.8],
  LI: [9.55, 47.16],
  MC: [7.42, 43.74],
  MO: [113.54, 22.2],
  MQ: [-61.02, 14.65],
  MT: [14.4, 35.9],
  MU: [57.55, -20.3],
  MV: [73.5, 4.2],
  PF: [-149.4, -17.6],
  RE: [55.54, -21.1],
  SC: [55.45, -4.67],
  SG: [103.82, 1.35],
  SM: [12.46, 43.94],
  WS: [-172.1, -13.76],
};
