export function textsOf(file: string, source: string): { texts: string[]; built: string[] };
export function extractTexts(
  root: string,
): Promise<{ folders: Map<string, Set<string>>; built: string[] }>;
