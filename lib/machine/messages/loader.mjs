import compile from "icu-minify/compile";

/**
 * Given to Turbopack: parses the sentences of a catalog once, when the application is built. Node reads the catalogs
 * as they are written.
 * @param {string} source
 */
export default (source) =>
  JSON.stringify(JSON.parse(source, (_, value) => (typeof value === "string" ? compile(value) : value)));
