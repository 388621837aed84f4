// Listens on ADDRESS PORT in the namespace it was started in, hands the socket to its parent and ends. It must not accept itself.
const server = require('node:net').createServer();
server.on('error', (error) => process.send({ error: error.message }, () => process.exit(0)));
server.listen(Number(process.argv[3]), process.argv[2], () => {
  process.send({}, server, () => {
    server.close();
    process.disconnect();
  });
});
