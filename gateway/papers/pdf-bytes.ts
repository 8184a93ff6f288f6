/** A PDF document that is written as a stream of chunks. */
interface PdfStream {
  on(event: 'data', take: (chunk: Buffer) => void): unknown;
  on(event: 'end', take: () => void): unknown;
  on(event: 'error', take: (error: Error) => void): unknown;
  end(): void;
}

/** Ends a document and gives all of it: labels and slips are small. */
export function pdfBytes(document: PdfStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
    document.end();
  });
}
