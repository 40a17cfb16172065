/** Whether this name or address, without brackets, is always the machine itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|::1|127\.\d+\.\d+\.\d+)$/i.test(host);
}
