import { transform } from "@swc/core";
import { build } from "esbuild";
import { minify } from "terser";
import { arrange } from "./arrange.mjs";

/** One self-contained ES5 script. esbuild joins the files into one scope, swc lowers it to ES5
 *  (esbuild cannot), terser folds the switches and what they make unreachable. `arranged`: look for
 *  the order that compresses best, which for a large script takes minutes and gains little. */
export async function compile(entry, defines, { arranged = true } = {}) {
  const joined = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    define: defines,
    legalComments: "none",
    minifySyntax: true,
  });
  const lowered = await transform(joined.outputFiles[0].text, {
    jsc: { target: "es5", loose: true, externalHelpers: false, parser: { syntax: "ecmascript" } },
    isModule: false,
  });
  const minified = await minify(lowered.code.replace(/^"use strict";/, ""), {
    ecma: 5,
    toplevel: true,
    compress: {
      passes: 4,
      // Not `unsafe_comps`: it takes `!(undefined > x)` for `undefined <= x`.
      pure_getters: true,
      unsafe: true,
      keep_fargs: false,
      negate_iife: true,
    },
    mangle: { toplevel: true },
    format: { ascii_only: true },
  });
  // terser takes a small script out of its function; its variables must not become the page's.
  const { code } = minified;
  const closed = code.startsWith("var ") ? `!function(){${code.replace(/;$/, "")}}();` : code;
  return arranged ? arrange(closed) : closed;
}
