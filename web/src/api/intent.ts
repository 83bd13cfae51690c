import { newKey } from './key'

/** One key per intent: a retry of the same content is the same command, changed content is a new one. */
export class Intent {
  private key = newKey()
  private content = ''

  keyFor(body: unknown): string {
    const content = JSON.stringify(body)
    if (this.content !== '' && content !== this.content) this.key = newKey()
    this.content = content
    return this.key
  }
}
