import { extractText, getDocumentProxy } from 'unpdf';

/** All words of a PDF, in the order they are read. */
export async function wordsOfPdf(file: Buffer): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(file)));
  return text.join(' ').replaceAll(/\s+/g, ' ');
}
