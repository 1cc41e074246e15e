/** What a browser is like, as far as a page can tell without asking for anything. Moderate on
 *  purpose: stable over restarts and updates of minor versions; nothing that prompts, plays or waits. */
export function signals(): string[] {
  const device = navigator as Navigator & { deviceMemory?: number };
  return [
    canvas(),
    renderer(),
    fonts(),
    `${screen.width}x${screen.height}x${screen.colorDepth}`,
    Intl.DateTimeFormat().resolvedOptions().timeZone,
    (device.languages || [device.language]).join(),
    device.platform,
    device.hardwareConcurrency,
    device.deviceMemory,
    device.maxTouchPoints,
  ].map(String);
}

/** How text and curves are drawn: font engine, hinting, anti-aliasing. */
function canvas(): string {
  const element = document.createElement("canvas");
  element.width = 240;
  element.height = 60;
  const pen = element.getContext("2d");
  if (!pen) return "";
  const draw = (): string => {
    pen.clearRect(0, 0, 240, 60);
    pen.fillStyle = "#f60";
    pen.fillRect(100, 5, 80, 30);
    pen.fillStyle = "#069";
    pen.font = "15px Arial, sans-serif";
    pen.fillText("Cwm fjord-bank glyphs, 123", 4, 22);
    pen.fillStyle = "rgba(102,204,0,.7)";
    pen.beginPath();
    pen.arc(60, 35, 20, 0, 5);
    pen.fill();
    return element.toDataURL();
  };
  const first = draw();
  // A browser that adds noise against this very thing would be another one every time.
  return first === draw() ? first : "";
}

function renderer(): string {
  const element = document.createElement("canvas");
  const context = element.getContext("webgl");
  if (!context) return "";
  const names = context.getExtension("WEBGL_debug_renderer_info");
  return `${context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER)}`;
}

/** Which of a few fonts are there: text in one of them is as wide as in the fallback, or not. */
function fonts(): string {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return "";
  const width = (font: string): number => {
    pen.font = `40px ${font}`;
    return pen.measureText("mmmMWwiil10O&").width;
  };
  const fallback = width("monospace");
  return (
    "Arial,Calibri,Cambria,Comic Sans MS,Consolas,DejaVu Sans,Futura,Georgia,Helvetica Neue,Impact," +
    "Liberation Sans,Menlo,Noto Sans,Roboto,Segoe UI,Tahoma,Ubuntu,Verdana"
  )
    .split(",")
    .filter((name) => width(`"${name}",monospace`) !== fallback)
    .join();
}
