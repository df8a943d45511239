const http = require("node:http");
const { price } = require("@shop/prices");

const server = http.createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  response.end(JSON.stringify({ price: price("banana"), keepAlive: server.keepAliveTimeout, folder: process.cwd() }));
});

server.keepAliveTimeout = Number(process.env.KEEP_ALIVE_TIMEOUT);
server.listen(Number(process.env.PORT), process.env.HOSTNAME);
process.on("SIGTERM", () => server.close());
