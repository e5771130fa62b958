using System.Text;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>Writes the directives of the IMS workflow.</summary>
/// <remarks>https://help.aliyun.com/en/ims/user-guide/how-to-achieve-automatic-hang-up</remarks>
internal static class DirectiveText
{
    public static string HangUp(string? endWord) => $"<imsagent_hangup endword=\"{Value(endWord)}\"/>";

    public static string Transfer(string? caller, string callee, string? errorMessage, string? message) =>
        $"<imsagent_transfer_call caller=\"{Value(caller)}\", callee=\"{Value(callee)}\", err_msg=\"{Value(errorMessage)}\", msg=\"{Value(message)}\"/>";

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
}
