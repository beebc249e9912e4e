import { Socket } from 'node:net';

/**
 * A socket that sends what is written in one turn of the event loop together. Statements of a transaction that do not
 * wait for each other are written one by one; each would be a system call here and another at the server.
 */
export function turnSocket(): Socket {
  const socket = new Socket();
  let holds = false;
  const hold = () => {
    if (holds) return;
    holds = true;
    socket.cork();
    process.nextTick(() => {
      holds = false;
      socket.uncork();
    });
  };
  // Connecting gives a socket the `write` of its class again, so it gets this one after that.
  socket.once('connect', () => {
    const write = socket.write.bind(socket);
    socket.write = (
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ) => {
      hold();
      return typeof encoding === 'function' ? write(chunk, encoding) : write(chunk, encoding, done);
    };
  });
  return socket;
}
