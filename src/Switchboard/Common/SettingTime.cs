using System.Globalization;
using System.Text.RegularExpressions;

namespace Switchboard.Common;

/// <summary>Times as settings have them: <c>800ms</c>, <c>2.5s</c>, <c>5m</c>, <c>12h</c>, <c>1d</c>, or <c>hh:mm:ss.fff</c> and <c>d.hh:mm:ss</c>.</summary>
internal static partial class SettingTime
{
    /// <summary>What a text must be to be one of them, for editors.</summary>
    public const string Pattern = @"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d)|([0-9]+\.)?([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?)$";

    // Longer ones first: ms ends in s.
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    // What people write for them; a bare number is mostly meant as seconds, and where that is too long as milliseconds.
    private static readonly (string Unit, string[] Words)[] Meanings =
    [
        ("ms", ["ms", "msec", "msecs", "millis", "milliseconds"]),
        ("s", ["", "s", "sec", "secs", "second", "seconds"]),
        ("m", ["m", "min", "mins", "minute", "minutes"]),
        ("h", ["h", "hr", "hrs", "hour", "hours"]),
        ("d", ["d", "day", "days"]),
    ];

    /// <summary>Reads a time. A bare number is none: nobody knows its unit.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            // Not what .NET takes besides: 00:02 is minutes and seconds to most people and hours and minutes to it, and 24:00:00 is 24 days.
            time = default;
            return Whole().Match(text).Length == text.Length && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out time);
        }

        time = default;
        var unit = Array.Find(Units, unit => text.EndsWith(unit.Name, StringComparison.Ordinal));
        // Not what the number style would let pass: a point without digits on both sides.
        if (unit.Name is null || text[..^unit.Name.Length] is not { Length: > 0 } number || !char.IsAsciiDigit(number[0]) || !char.IsAsciiDigit(number[^1])
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count > TimeSpan.MaxValue.Ticks / unit.Ticks)
        {
            return false;
        }

        time = new TimeSpan((long)decimal.Round(count * unit.Ticks));
        return true;
    }

    /// <summary>A time as a setting would have it, in the largest unit that fits.</summary>
    public static string Show(TimeSpan time)
    {
        var ticks = Math.Abs(time.Ticks);
        var unit = ticks is 0 ? Units[1]
            : ticks < TimeSpan.TicksPerSecond ? Units[0]
            : Array.FindLast(Units, unit => ticks >= unit.Ticks && ticks % unit.Ticks == 0) is { Name: not (null or "ms") } whole ? whole
            : Units[1];
        return ((decimal)time.Ticks / unit.Ticks).ToString("0.#######", CultureInfo.InvariantCulture) + unit.Name;
    }

    /// <summary>The time that was meant by what is none: <c>60</c>, <c>2,5 s</c>, <c>10min</c>; null where that cannot be told.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="least">The least that the setting may be: nothing is suggested that it would refuse.</param>
    /// <param name="most">The most.</param>
    public static string? Meant(string text, TimeSpan least, TimeSpan most)
    {
        var trimmed = text.Trim().Replace(',', '.');
        if (trimmed.Contains(':', StringComparison.Ordinal))
        {
            string[] readings = [.. Readings(trimmed).Where(reading => TryParse(reading, out var time) && time >= least && time <= most)];
            return readings.Length == 0 ? null : string.Join(" or ", readings);
        }

        var number = trimmed.TakeWhile(character => char.IsAsciiDigit(character) || character == '.').Count();
        var (unit, _) = Array.Find(Meanings, meaning => meaning.Words.Contains(trimmed[number..].Trim(), StringComparer.OrdinalIgnoreCase));
        string[] units = unit is null ? [] : trimmed.Length == number ? [unit, "ms"] : [unit];
        return units.Select(each => trimmed[..number] + each).FirstOrDefault(meant => TryParse(meant, out var time) && time >= least && time <= most);
    }

    // Two parts are minutes and seconds, or hours and minutes; four begin with days.
    private static IEnumerable<string> Readings(string text)
    {
        if (Parts().Match(text) is not { Success: true } match)
        {
            yield break;
        }

        int[] parts = [.. match.Groups["part"].Captures.Select(part => int.Parse(part.Value, NumberStyles.None, CultureInfo.InvariantCulture))];
        var rest = match.Groups["rest"].Value;
        var fraction = new TimeSpan((long)(decimal.Parse($"0{rest}", CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
        if (parts.Length == 2)
        {
            yield return Show(new TimeSpan(0, parts[0], parts[1]) + fraction);
        }

        if (parts.Length != 2 || rest.Length == 0)
        {
            var whole = parts.Length == 2 ? new TimeSpan(parts[0], parts[1], 0) : new TimeSpan(parts.Length == 4 ? parts[0] : 0, parts[^3], parts[^2], parts[^1]);
            yield return whole.ToString("c", CultureInfo.InvariantCulture) + rest;
        }
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(?<part>[0-9]{1,4})(:(?<part>[0-9]{1,4})){1,3}(?<rest>\.[0-9]{1,7})?$")]
    private static partial Regex Parts();
}
