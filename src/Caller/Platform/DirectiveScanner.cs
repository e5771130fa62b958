using System.Text;

namespace Caller.Platform;

/// <summary>
/// Parts what is spoken from what is obeyed, piece by piece as an answer streams
/// (IMS: "Implement automatic hang-up and transfer", "Uninterruptible spoken responses", emotion marks).
/// </summary>
internal sealed class DirectiveScanner
{
    private const string TagStart = "<imsagent_";
    private const string NoInterrupting = "<No Interrupting>";
    private const string EmotionStart = "{{emotion=";

    // A directive is short; what goes on longer than this was only text.
    private const int MaxDirective = 1024;

    private static readonly string[] Starts = [TagStart, NoInterrupting, EmotionStart];

    private readonly StringBuilder _held = new();

    /// <summary>Takes a piece and returns what can be said or obeyed so far.</summary>
    public IReadOnlyList<Speech> Push(string piece)
    {
        _held.Append(piece);
        return Drain(final: false);
    }

    /// <summary>Returns what was held back when the answer ends.</summary>
    public IReadOnlyList<Speech> Complete() => Drain(final: true);

    private List<Speech> Drain(bool final)
    {
        var found = new List<Speech>();
        var text = _held.ToString();
        var spoken = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var rest = text.AsSpan(at);
            var (length, waits) = Measure(rest, final);
            if (waits)
            {
                break;
            }

            if (length == 0)
            {
                spoken.Append(text[at++]);
                continue;
            }

            Flush(found, spoken);
            found.Add(new Speech("", Read(rest[..length].ToString())));
            at += length;
        }

        Flush(found, spoken);
        _held.Clear().Append(text, at, text.Length - at);
        return found;
    }

    private static (int Length, bool Waits) Measure(ReadOnlySpan<char> rest, bool final)
    {
        foreach (var start in Starts)
        {
            if (rest.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                var close = start == EmotionStart ? "}}" : ">";
                // No further than it may be long: else a text full of beginnings would be searched to its end from each.
                var end = rest[..Math.Min(rest.Length, MaxDirective)].IndexOf(close, StringComparison.Ordinal);
                return end >= 0 ? (end + close.Length, false)
                    : rest.Length > MaxDirective ? (0, false)
                    : final ? (rest.Length, false)
                    : (0, true);
            }

            if (!final && rest.Length < start.Length && start.AsSpan().StartsWith(rest, StringComparison.OrdinalIgnoreCase))
            {
                return (0, true);
            }
        }

        return (0, false);
    }

    private static Directive Read(string text)
    {
        var kind = text switch
        {
            _ when text.Equals(NoInterrupting, StringComparison.OrdinalIgnoreCase) => DirectiveKind.NoInterrupting,
            _ when text.StartsWith(EmotionStart, StringComparison.OrdinalIgnoreCase) && text.EndsWith("}}", StringComparison.Ordinal) => DirectiveKind.Emotion,
            _ when Tag(text, "<imsagent_hangup") => DirectiveKind.HangUp,
            _ when Tag(text, "<imsagent_transfer_call") => DirectiveKind.Transfer,
            _ => DirectiveKind.Unknown,
        };
        return new Directive(kind, text);
    }

    private static bool Tag(string text, string start) =>
        text.StartsWith(start, StringComparison.OrdinalIgnoreCase)
        && text.EndsWith("/>", StringComparison.Ordinal)
        && text.Length > start.Length
        && (text[start.Length] == '/' || char.IsWhiteSpace(text[start.Length]));

    private static void Flush(List<Speech> found, StringBuilder spoken)
    {
        if (spoken.Length > 0)
        {
            found.Add(new Speech(spoken.ToString()));
            spoken.Clear();
        }
    }
}
