/** Requests by the real curl, made on the host whose namespace is entered: what a stand-in asks, it asks from where it stands. */
import { run } from '../lab/command.js';

/** What came back; status 0: nothing did, and `error` says why. */
export interface Reply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  error: string;
}

/** How a request differs from a plain GET. */
export interface Request {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
  /** Further words for curl, such as those that give a CA. */
  words?: readonly string[];
}

/** The words that run a program in the network namespace of a process; none: here. */
export function inNetwork(holder: number | undefined): string[] {
  return holder === undefined ? [] : ['nsenter', '--target', `${holder}`, '--net', '--'];
}

/** Makes one request, `enter` being the words that come before `curl`. Never follows a redirect. */
export async function ask(enter: readonly string[], url: string, request: Request = {}): Promise<Reply> {
  const headers = Object.entries(request.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const data = request.body === undefined ? [] : ['--data-binary', '@-'];
  const method = request.method === undefined ? [] : ['-X', request.method];
  const words = ['curl', '-q', '-sS', '-i', '--noproxy', '*', '--max-time', '5', ...method, ...data, ...headers];
  const { stdout, stderr, code } = await run([...enter, ...words, ...(request.words ?? []), url], {
    input: request.body ?? '',
  });
  if (code !== 0) return { status: 0, headers: {}, body: '', error: stderr.trim() };
  // A request with a body may be answered by `100 Continue` first.
  const answer = stdout.replace(/^HTTP\/[\d.]+ 100.*?\r\n\r\n/s, '');
  const end = answer.indexOf('\r\n\r\n');
  const [first = '', ...lines] = answer.slice(0, end).split('\r\n');
  const pairs = lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(pairs),
    body: answer.slice(end + 4),
    error: '',
  };
}
