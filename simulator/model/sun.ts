const dayMilliseconds = 86_400_000;
const radians = Math.PI / 180;

/** Where panels stand and how they lie. */
export interface Site {
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
}

/** Panels lie at this angle, towards the equator. */
const tilt = 30 * radians;

/** What the clear sky gives at one moment. */
export interface ClearSky {
  /** Sine of the height of the sun over the horizon; negative at night. */
  readonly height: number;
  /** Watts that fall on a square metre of panel. */
  readonly irradiance: number;
}

/**
 * The sun over a site: declination by Cooper's formula, the equation of time, the direct beam by Meinel's air-mass rule
 * and a tenth of it as diffuse light.
 * @param time ms since the epoch
 */
export function clearSky(time: number, site: Site): ClearSky {
  const yearStart = Date.UTC(new Date(time).getUTCFullYear(), 0, 1);
  const day = (time - yearStart) / dayMilliseconds + 1;
  const declination = 23.45 * radians * Math.sin(2 * Math.PI * ((284 + day) / 365));
  const orbit = 2 * Math.PI * ((day - 81) / 364);
  const equationOfTime = 9.87 * Math.sin(2 * orbit) - 7.53 * Math.cos(orbit) - 1.5 * Math.sin(orbit);
  const solarHours = (time % dayMilliseconds) / 3_600_000 + site.longitude / 15 + equationOfTime / 60;
  const hourAngle = (solarHours - 12) * 15 * radians;
  const latitude = site.latitude * radians;
  const height =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  if (height <= 0.01) return { height, irradiance: 0 };
  const apparent = latitude - Math.sign(latitude) * tilt;
  const incidence =
    Math.sin(apparent) * Math.sin(declination) + Math.cos(apparent) * Math.cos(declination) * Math.cos(hourAngle);
  const beam = 1353 * 0.7 ** ((1 / height) ** 0.678);
  return { height, irradiance: beam * Math.max(0, incidence) + 0.1 * beam * height };
}
