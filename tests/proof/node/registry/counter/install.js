// Stands for native code: compiled when the package is installed, with the program, of which manifests are no part.
const fs = require("node:fs");
if (!["src", "apps/api/src"].some((folder) => fs.existsSync(`${process.env.INIT_CWD}/${folder}`))) {
  throw new Error("installed before the program is there");
}
fs.writeFileSync(`${__dirname}/built.js`, "module.exports = () => 1;\n");
