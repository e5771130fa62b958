using System.CommandLine;
using System.Globalization;

namespace Caller.Commands;

/// <summary>Times on the command line: <c>500ms</c>, <c>2s</c>, <c>1.5m</c>; a bare number is seconds.</summary>
internal static class Duration
{
    public static Option<TimeSpan> Option(string name, string description, TimeSpan @default, TimeSpan max)
    {
        var option = new Option<TimeSpan>(name)
        {
            Description = $"{description} Default {Show(@default)}.",
            HelpName = "time",
        };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!TryParse(text, out var time) || time < TimeSpan.Zero || time > max)
            {
                result.AddError($"{name}: '{text}' is not a time from 0 to {Show(max)}, such as 500ms, 2s or 1m.");
            }

            return time;
        };
        return option;
    }

    public static bool TryParse(string text, out TimeSpan time)
    {
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1d),
            _ when text.EndsWith('s') => (text[..^1], 1000d),
            _ when text.EndsWith('m') => (text[..^1], 60_000d),
            _ => (text, 1000d),
        };
        time = default;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value * unit > 1e9)
        {
            return false;
        }

        time = TimeSpan.FromMilliseconds(value * unit);
        return true;
    }

    private static string Show(TimeSpan time) => time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0}ms"
        : time.TotalSeconds < 120 ? $"{time.TotalSeconds:0.#}s" : $"{time.TotalMinutes:0.#}m";
}
