/** How a place is written, on the desk and on the phone: docs/glossary.md, "One wording". The services have the same in `views/shared/coordinates.py`. */
const DIGITS = 6

/** Longitude before latitude, with six decimals (about 0.1 m) whatever was entered. */
export function coordinates(place: { longitude: string | number; latitude: string | number; datum: string }): string {
  const [longitude, latitude] = [place.longitude, place.latitude].map((degrees) => Number(degrees).toFixed(DIGITS))
  return `${longitude}, ${latitude}（${place.datum}）`
}
