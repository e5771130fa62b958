using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Caller.Check;
using Caller.Commands;
using Caller.Wire;

namespace Caller.Talk;

/// <summary>What the caller gets of one turn, of all answers within it.</summary>
internal sealed class HeardTurn
{
    /// <summary>The platform was asked to hang up.</summary>
    public const string HangUp = "hangup";

    private readonly StringBuilder _text = new();
    private readonly List<string> _actions = [];

    /// <summary>What was spoken.</summary>
    public string Text => _text.ToString();

    /// <summary>From the request to the first of it; null when nothing was spoken.</summary>
    public TimeSpan? FirstSpeech { get; private set; }

    /// <summary>What the platform was asked to do: <see cref="HangUp"/>, <see cref="Transfer"/>, or a tool call as <c>name({"a":1})</c>.</summary>
    public IReadOnlyList<string> Actions => _actions;

    public static string Transfer(string to) => $"transfer {to}";

    public void Begin()
    {
        _text.Clear();
        _actions.Clear();
        FirstSpeech = null;
    }

    public void Speak(string text) => _text.Append(text);

    public void Hear(TimeSpan? firstSpeech) => FirstSpeech ??= firstSpeech;

    /// <summary>An action is told twice where it leaves in the text.</summary>
    public void Do(string? action)
    {
        if (action is not null && !_actions.Contains(action))
        {
            _actions.Add(action);
        }
    }
}

/// <summary>A line of a script below a turn that says what is to come of it.</summary>
/// <param name="Line">As it is written.</param>
/// <param name="Failure">What is wrong with what came; null when nothing is.</param>
internal sealed record Expectation(string Line, Func<HeardTurn, string?> Failure)
{
    // The longer ones first: = is the end of !=.
    private static readonly string[] Signs = ["->", "!=", "=", "~", "<"];

    // What is easily written for them. Nobody says it on the phone, and taken as words it would be looked for in vain, or said to the model.
    private static readonly string[] Mistaken = ["=>", "==", "=~", "=<", "<=", "<-", "!~", "-->", "—>", "–>", "→", "⇒", ">"];

    private static readonly TimeSpan RegexTime = TimeSpan.FromSeconds(1);

    /// <summary>Reads a line that begins like one.</summary>
    /// <param name="line">The line, without white space around it.</param>
    /// <param name="expectation">What it says; null when it is none, or a wrong one.</param>
    /// <param name="error">What is wrong with it; null when nothing is.</param>
    /// <returns>Whether it begins like one.</returns>
    public static bool TryParse(string line, out Expectation? expectation, out string? error)
    {
        (expectation, error) = (null, null);
        if (Mistaken.FirstOrDefault(wrong => line.StartsWith(wrong, StringComparison.Ordinal)) is { } mistaken)
        {
            error = $"there is no sign {mistaken}; there are {string.Join(", ", Signs)}";
            return true;
        }

        var (sign, text) = Split(line);
        if (sign is null)
        {
            return false;
        }

        (var judge, error) = (sign, text) switch
        {
            (_, "") => (null, $"nothing stands behind {sign}"),
            ("=", _) => (heard => Holds(heard.Text, text) ? null : "the answer does not hold it", null),
            ("!=", _) => (heard => Holds(heard.Text, text) ? "the answer holds it" : null, null),
            ("~", _) => Pattern(text),
            ("<", _) => Time(text),
            _ => Action(text),
        };
        expectation = judge is null ? null : new Expectation(line, judge);
        return true;
    }

    private static (string? Sign, string Text) Split(string line)
    {
        foreach (var sign in Signs)
        {
            if (line.StartsWith(sign, StringComparison.Ordinal))
            {
                return (sign, line[sign.Length..].Trim());
            }
        }

        return (null, line);
    }

    // As it is heard: letter case and line ends make no difference.
    private static bool Holds(string heard, string text) =>
        CultureInfo.InvariantCulture.CompareInfo.IndexOf(Spaced(heard), Spaced(text), CompareOptions.IgnoreCase) >= 0;

    private static string Spaced(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static (Func<HeardTurn, string?>?, string?) Pattern(string text)
    {
        try
        {
            var pattern = new Regex(text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, RegexTime);
            return (heard => pattern.IsMatch(Spaced(heard.Text)) ? null : "the answer does not match it", null);
        }
        catch (ArgumentException failure)
        {
            return (null, failure.Message.TrimEnd('.'));
        }
    }

    // A bare number is none, as in the settings: nobody knows its unit.
    private static (Func<HeardTurn, string?>?, string?) Time(string text) => char.IsAsciiLetter(text[^1]) && Duration.TryParse(text, out var most)
        ? (heard => heard.FirstSpeech is not { } first ? "nothing was spoken"
            : first <= most ? null
            : $"first speech came after {Judging.Seconds(first)}", null)
        : (null, $"'{text}' is not a time such as 800ms, 2.5s or 1m{(Duration.TryParse(text, out _) ? $"; did you mean {text}s?" : "")}");

    private static (Func<HeardTurn, string?>?, string?) Action(string text) => text == "nothing"
        ? (heard => heard.Actions.Count == 0 ? null : $"the platform was asked for {string.Join(", ", heard.Actions)}", null)
        : (heard => heard.Actions.Any(action => text.Split(' ', 2) is var parts && IsNamed(action, parts[0]) && (parts.Length < 2 || Holds(action, parts[1]))) ? null
            : heard.Actions.Count == 0 ? "the platform was asked for nothing"
            : $"the platform was asked for {string.Join(", ", heard.Actions)}", null);

    private static bool IsNamed(string action, string name) =>
        action.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (action.Length == name.Length || action[name.Length] is ' ' or '(');
}

/// <summary>Why a caller would not have heard an answer, or not all of it.</summary>
internal static class TurnFailure
{
    /// <summary>What went wrong; null when nothing did.</summary>
    public static string? Of(Exchange exchange) => exchange switch
    {
        { End: ExchangeEnd.Aborted } => null,
        { Status: not 200 } => $"the caller hears nothing: {Judging.Describe(exchange)}",
        { IsStream: false } => $"the caller hears nothing: Content-Type {exchange.Header("content-type") ?? "none"} is not an event stream",
        _ when Observations.HasError(exchange) => $"an error event: {exchange.Chunks.First(chunk => chunk.Error is not null).Root}",
        { End: ExchangeEnd.TimedOut } => $"not finished after {Judging.Seconds(exchange.EndedAfter)}",
        { End: ExchangeEnd.Broken or ExchangeEnd.TooLong } => $"the answer broke off: {exchange.Failure ?? "too long"}",
        { SawDone: false } => "the answer ended without [DONE]",
        _ => null,
    };
}
