/** How the ssh client's prompts reach us: a program that it starts for each, which asks us over a socket in the private folder. */
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { quote } from '../../../core/shell/words.js';

/** The variable that tells the program where to ask; its value is a path, and no secret. */
const SOCKET_VARIABLE = 'PAIRFLIGHT_ASKPASS_SOCKET';

const MAX_PROMPT_BYTES = 16_384;

/** The program: it hands over the prompt, and prints the answer, if there is one. */
const PROGRAM = `
const socket = require('node:net').connect(process.env.${SOCKET_VARIABLE});
let text = '';
socket.setEncoding('utf8');
socket.on('error', () => process.exit(1));
socket.on('data', (chunk) => { text += chunk; });
socket.on('end', () => {
  const secret = text === '' ? null : JSON.parse(text);
  if (typeof secret !== 'string') process.exit(1);
  process.stdout.write(secret + '\\n', () => process.exit(0));
});
socket.end(JSON.stringify({ text: process.argv[1] || '', hint: process.env.SSH_ASKPASS_PROMPT || '' }));
`;

/** Writes the program that ssh starts; it needs no more than the runtime that we run on. */
export function writeAskpass(file: string): void {
  const words = [process.execPath, '--no-warnings', '-e', PROGRAM, '--'].map(quote).join(' ');
  writeFileSync(file, `#!/bin/sh\nunset NODE_OPTIONS\nexec ${words} "$1"\n`, { mode: 0o700 });
}

/** What makes ssh ask by the program, whether there is a terminal or not. */
export function askpassVariables(program: string, socket: string): Record<string, string> {
  return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', SSH_ASKPASS_PROMPT: '', [SOCKET_VARIABLE]: socket };
}

/** Gets the prompt and ssh's hint on its kind; without a secret the program ends with an error. */
type Answer = (text: string, hint: string) => Promise<string | undefined>;

/** Answers the prompts of one client. */
export class PromptServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a socket in the private folder. */
  static async listen(path: string, answer: Answer): Promise<PromptServer> {
    const server = createServer({ allowHalfOpen: true });
    const self = new PromptServer(server);
    server.on('connection', (socket) => {
      self.#sockets.add(socket);
      let text = '';
      socket.setEncoding('utf8');
      socket.on('error', () => {});
      socket.on('close', () => self.#sockets.delete(socket));
      socket.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_PROMPT_BYTES) socket.destroy();
      });
      socket.on('end', async () => {
        const secret = await answered(text, answer).catch(() => undefined);
        socket.end(secret === undefined ? '' : JSON.stringify(secret));
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    server.unref();
    return self;
  }

  /** Ends it; whoever still waits for an answer gets none. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

async function answered(message: string, answer: Answer): Promise<string | undefined> {
  const { text, hint } = JSON.parse(message) as { text: string; hint: string };
  return answer(text, hint);
}
