#!/usr/bin/env node
// Stands for a compiler, which only the build has.
const fs = require("node:fs");
const [source, target] = process.argv.slice(2);
if (target) fs.cpSync(source, target, { recursive: true });
