using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Switchboard.Platforms;

/// <summary>The directives of the IMS workflow: their names, how they are written, and what one says that somebody else has written.</summary>
/// <remarks>https://help.aliyun.com/en/ims/user-guide/how-to-achieve-automatic-hang-up</remarks>
internal static partial class ImsDirectives
{
    // The words that names are made of, as a FoldedText has them; between two of them a reader overlooks what Gap matches.
    public const string Ims = "ims";
    public const string Agent = "agent";
    public const string HangUpWord = "hangup";
    public const string TransferWord = "transfer";
    public const string CallWord = "call";
    public const string Gap = @"[\s_-]*";

    /// <summary>Keeps the caller from interrupting the answer.</summary>
    public const string NoInterrupting = "<No Interrupting>";

    /// <summary>Begins the directive that says how the answer is spoken.</summary>
    public const string EmotionStart = "{{" + EmotionWord + "=";

    /// <summary>Ends the directive that says how the answer is spoken.</summary>
    public const string EmotionEnd = "}}";

    public const string EmotionWord = "emotion";

    private const string HangUpStart = $"<{Ims}{Agent}_{HangUpWord}";
    private const string TransferStart = $"<{Ims}{Agent}_{TransferWord}_{CallWord}";
    private const string Callee = "callee";

    /// <summary>Ends the call.</summary>
    public static string HangUp(string? endWord) => $"{HangUpStart} endword=\"{Value(endWord)}\"/>";

    /// <summary>Hands the call to another number.</summary>
    public static string Transfer(string? caller, string callee, string? errorMessage, string? message) =>
        $"{TransferStart} caller=\"{Value(caller)}\", {Callee}=\"{Value(callee)}\", err_msg=\"{Value(errorMessage)}\", msg=\"{Value(message)}\"/>";

    /// <summary>Whether a directive transfers the call, in whatever spelling.</summary>
    public static bool IsTransfer(string written) => AnyTransfer().IsMatch(new FoldedText(written).Text);

    /// <summary>Whether a directive ends the call, in whatever spelling.</summary>
    public static bool IsHangUp(string written) => AnyHangUp().IsMatch(new FoldedText(written).Text);

    /// <summary>What a hang-up says last; nothing when it says nothing.</summary>
    public static string EndWord(string written) => EndWordValue().Match(WebUtility.HtmlDecode(written)).Groups["text"].Value.Trim();

    /// <summary>Whether a directive is a transfer just as IMS has it, and nothing else.</summary>
    public static bool IsPlainTransfer(string written) => PlainTransfer().IsMatch(written);

    /// <summary>The numbers that a directive would call.</summary>
    // All of them, since nobody knows which of two the platform takes.
    public static IEnumerable<string> Callees(string written) => CalleeValue().Matches(WebUtility.HtmlDecode(new FoldedText(written).Text))
        .Select(match => match.Groups["number"].Value.Trim(' ', '"', '\'').TrimEnd('/'));

    // No escape is documented, so what could end the value or the directive, also as a look-alike or an entity, is taken out or replaced by
    // what sounds the same.
    private static string Value(string? text)
    {
        var clean = new StringBuilder();
        for (var index = 0; index < text?.Length; index++)
        {
            var character = text[index];
            _ = LookAlikes.Plain(character) switch
            {
                '"' => clean.Append('\''),
                '<' or '>' or '{' or '}' or '\\' => clean,
                '&' when index + 1 < text.Length && !char.IsWhiteSpace(text[index + 1]) => clean.Append("& "),
                _ when char.IsControl(character) || character is '\u2028' or '\u2029' => clean.Append(' '),
                _ => clean.Append(character),
            };
        }

        return clean.ToString().Trim();
    }

    [GeneratedRegex($$"""{{Callee}}\s*=\s*(?:"(?<number>[^"]*)"|'(?<number>[^']*)'|(?<number>[^\s,;"'<>]*))""", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex CalleeValue();

    [GeneratedRegex($@"{Ims}{Gap}{Agent}{Gap}{HangUpWord}(?!\w)", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex AnyHangUp();

    [GeneratedRegex("""endword\s*=\s*(?:"(?<text>[^"]*)"|'(?<text>[^']*)'|(?<text>[^\s,;"'<>/]+))""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, ImsMarks.MatchTimeout)]
    private static partial Regex EndWordValue();

    [GeneratedRegex($@"{Ims}{Gap}{Agent}{Gap}{TransferWord}{Gap}{CallWord}(?!\w)", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex AnyTransfer();

    [GeneratedRegex($$"""^{{TransferStart}}(?:[\s,]+[a-z_]+="[^"<>]*")*[\s,]*/?>\z""", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex PlainTransfer();
}
