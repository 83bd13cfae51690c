/** A certificate that the signing service on the user's machine shows. What counts is what the server reads in it. */
export interface Held {
  key: string
  organisation: string
  uscc: string | null
  serial: string
  /** ISO; null where the service does not say. */
  validFrom: string | null
  validTo: string | null
  locked: boolean
}

export interface Signed {
  certificate: string
  signature: string
}

/** The program that a maker of keys installs beside the browser. The PIN is typed there, never on our page. */
export interface SigningService {
  /** Whose it is, for people. */
  name: string
  /** Where it was found, such as a port. */
  at: string
  certificates: () => Promise<Held[]>
  /** Over the text's UTF-8 bytes. Waits until the PIN was typed. Rejects with `SigningProblem`. */
  sign: (text: string, key: string) => Promise<Signed>
}

/** One kind of signing service. `find` answers null where it is not there. */
export interface Adapter {
  name: string
  find: () => Promise<SigningService | null>
}

/** The sentence is shown; the code names the next step on the page that diagnoses. */
export class SigningProblem extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
  ) {
    super(title)
  }
}

export const NO_SERVICE = new SigningProblem('service.missing', '没有找到签名服务。')
export const NO_KEY = new SigningProblem('key.missing', '没有插入密钥，或密钥里没有证书。')
export const FAILED = new SigningProblem('service.failed', '签名服务没有正常回答。')
