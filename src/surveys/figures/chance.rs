//! How likely a difference is by chance alone.

/// The chance of a chi-square as large as this or larger.
pub fn chi_square_p(chi_square: f64, freedom: u32) -> f64 {
    if freedom == 0 || chi_square <= 0.0 {
        return 1.0;
    }
    upper_gamma(f64::from(freedom) / 2.0, chi_square / 2.0)
}

/// The chance of a standard normal as far from zero as this, on either side.
pub fn normal_p(z: f64) -> f64 {
    if z == 0.0 {
        return 1.0;
    }
    upper_gamma(0.5, z * z / 2.0)
}

/// The regularised upper incomplete gamma function, Q(a, x): the series where
/// it is quick, the continued fraction elsewhere.
fn upper_gamma(a: f64, x: f64) -> f64 {
    let scale = (a * x.ln() - x - log_gamma(a)).exp();
    let value = if x < a + 1.0 {
        1.0 - scale * series(a, x)
    } else {
        scale * fraction(a, x)
    };
    value.clamp(0.0, 1.0)
}

fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    for _ in 0..1_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * 1e-16 {
            break;
        }
    }
    sum
}

/// Lentz's way of a continued fraction.
#[expect(clippy::many_single_char_names, reason = "the letters of his paper")]
fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for step in 1..1_000_u32 {
        let n = f64::from(step);
        let an = -n * (n - a);
        b += 2.0;
        d = an * d + b;
        c = b + an / c;
        if d.abs() < TINY {
            d = TINY;
        }
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// Lanczos' approximation (g = 7, nine terms), for numbers above zero.
fn log_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let mut sum = 0.999_999_999_999_809_9;
    for (at, term) in (1_u32..).zip(TERMS) {
        sum += term / (x + f64::from(at));
    }
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, wanted: f64) {
        assert!(
            (found - wanted).abs() <= 1e-10 * wanted.max(1e-6),
            "{found} is not {wanted}"
        );
    }

    /// The tail of a chi-square has closed forms where its freedom is even, and
    /// for odd freedom it is worked out by adding up small steps.
    #[test]
    fn the_chance_of_a_chi_square_is_what_closed_forms_say() {
        for x in [0.1_f64, 1.0, 3.84, 5.99, 12.0, 40.0, 150.0] {
            let half: f64 = x / 2.0;
            close(chi_square_p(x, 2), (-half).exp());
            close(chi_square_p(x, 4), (-half).exp() * (1.0 + half));
            close(
                chi_square_p(x, 6),
                (-half).exp() * (1.0 + half + half * half / 2.0),
            );
        }
        // Tables: the 95th percentiles for 1, 3 and 10 degrees of freedom.
        for (x, freedom) in [
            (3.841_458_820_694_124, 1),
            (7.814_727_903_251_178, 3),
            (18.307_038_053_275_146, 10),
        ] {
            close(chi_square_p(x, freedom), 0.05);
        }
        assert!((chi_square_p(0.0, 3) - 1.0).abs() < 1e-15);
        assert!((chi_square_p(3.0, 0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_chance_of_a_normal_is_what_tables_say() {
        close(normal_p(1.959_963_984_540_054), 0.05);
        close(normal_p(-2.575_829_303_548_900_4), 0.01);
        assert!((normal_p(0.0) - 1.0).abs() < 1e-15);
    }
}
