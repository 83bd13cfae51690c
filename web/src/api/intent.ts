/** One key per intent: a retry of the same content is the same command, changed content is a new one. */
export class Intent {
  private key = crypto.randomUUID()
  private content = ''

  keyFor(body: unknown): string {
    const content = JSON.stringify(body)
    if (this.content !== '' && content !== this.content) this.key = crypto.randomUUID()
    this.content = content
    return this.key
  }
}
