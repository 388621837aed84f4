/** The forms in which a host may repeat a secret that it was given: as it is, or encoded by whatever lies between. */
import { unicodeEscape } from '../core/format.js';

/** The shortest piece of a secret that is looked for by itself; a shorter one would be found where no secret is. */
const SHORTEST = 8;

/** The texts to look for: the secret, its words (`Bearer abc`), and of both what URLs, JSON, HTML and base64 make of them. */
export function formsOf(secret: string): string[] {
  const words = secret.split(/\s+/).filter((word) => word.length >= SHORTEST);
  return [
    ...new Set([secret, ...words].flatMap((text) => [text, ...inUrls(text), ...quoted(text), ...inBase64(text)])),
  ];
}

function inUrls(text: string): string[] {
  const encoded = encodeURIComponent(Buffer.from(text).toString('utf8'));
  const strict = encoded.replace(/[!'()*~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const inForms = new URLSearchParams({ '': text }).toString().slice(1);
  return [encoded, strict, inForms].flatMap((one) => [one, one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** In the texts of JSON, by those who escape less and more, and of HTML. */
function quoted(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const inPages: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return [
    json,
    json.replaceAll('/', '\\/'),
    json.replace(/[<>&'+=]/g, unicodeEscape),
    json.replace(/[<>&]/g, unicodeEscape),
    text.replace(/[&<>"']/g, (one) => inPages[one] ?? one),
  ];
}

/** What of it stands in base64 whatever stands before and behind it: three alignments, both alphabets. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  if (bytes.length < SHORTEST) return [];
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
