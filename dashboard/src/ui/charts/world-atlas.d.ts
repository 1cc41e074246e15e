/** Borders at 1:110 million (Natural Earth, public domain; packaged by world-atlas). Said here because
 *  the type of the data itself would be as long as the data. */
declare module "world-atlas/countries-110m.json" {
  import type { GeometryCollection, Topology } from "topojson-specification";

  const world: Topology<{ countries: GeometryCollection<{ name: string }> }>;
  export default world;
}
