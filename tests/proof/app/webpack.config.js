const path = require("path");

module.exports = {
  entry: "./ts/app.ts",
  output: { path: path.resolve(__dirname, "priv/static/js"), filename: "app.js" },
};
