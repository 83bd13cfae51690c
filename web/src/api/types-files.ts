/** Files, and what a phone says of a photograph. */

export interface FileRef {
  sha256: string
  size: number
  media_type: string
  name?: string | null
}

/** How many files facts name, and the hashes of those whose originals nobody uploaded yet. */
export interface MissingFiles {
  files: number
  missing: string[]
}

/** What files says is there, on a token for the command that speaks of it. */
export interface Evidence {
  token: string
  contents: Record<string, MissingFiles>
  missing: string[]
}

export interface Fix {
  longitude: string
  latitude: string
  accuracy_m: string
  datum: string
  fixed_at: string
}

export interface Photo {
  photo_id: string
  of: string
  original: FileRef
  shown?: FileRef | null
  taken_at: string
  fix?: Fix | null
}

export interface SignatureFiles {
  image: FileRef
  strokes: FileRef
}
