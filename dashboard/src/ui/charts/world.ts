/** The world as paths in a fixed frame, made once. Equal areas, so that no country looks larger than it is. */
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";
import { lettersOf, SMALL } from "./country-codes";

export const WIDTH = 800;
export const HEIGHT = 372;
const MARGIN = 4;
/** Nobody browses from there, and it would take a fifth of the map. */
const LEFT_OUT = "AQ";

export interface Shape {
  /** ISO 3166-1 alpha-2; null: drawn, and nothing else. */
  code: string | null;
  path: string;
}

export interface Dot {
  code: string;
  x: number;
  y: number;
}

const countries = feature(atlas, atlas.objects.countries).features.map((one) => ({
  one,
  code: lettersOf(one.id, one.properties.name),
}));
const drawn = countries.filter(({ code }) => code !== LEFT_OUT);
const projection = geoEqualEarth().fitExtent(
  [
    [MARGIN, MARGIN],
    [WIDTH - MARGIN, HEIGHT - MARGIN],
  ],
  { type: "FeatureCollection", features: drawn.map(({ one }) => one) },
);
const toPath = geoPath(projection).digits(1);

export const SHAPES: readonly Shape[] = drawn.map(({ one, code }) => ({
  code,
  path: toPath(one) ?? "",
}));

export const DOTS: readonly Dot[] = Object.entries(SMALL).flatMap(([code, place]) => {
  const at = projection([place[0], place[1]]);
  return at ? [{ code, x: at[0], y: at[1] }] : [];
});
