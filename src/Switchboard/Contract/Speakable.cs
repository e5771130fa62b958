using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Tells what a caller hears from what a model only thinks.</summary>
internal static class Speakable
{
    private const string PhraseMark = "switchboard.phrase";

    /// <summary>Whether the caller hears something of <paramref name="update"/>.</summary>
    public static bool IsHeard(ChatResponseUpdate update)
    {
        // By index, here and wherever every piece of an answer passes: an enumerator of a list behind an interface is an object.
        var contents = update.Contents;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is TextContent text && !string.IsNullOrWhiteSpace(text.Text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what is said next needs a space before it; null where <paramref name="update"/> has no text.</summary>
    public static bool? EndsOpen(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var position = contents.Count - 1; position >= 0; position--)
        {
            if (contents[position] is TextContent { Text: { Length: > 0 } text })
            {
                return !char.IsWhiteSpace(text[^1]);
            }
        }

        return null;
    }

    /// <summary>Whether <paramref name="update"/> has a text that begins with a space.</summary>
    public static bool BeginsOpen(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is TextContent { Text: { Length: > 0 } text })
            {
                return char.IsWhiteSpace(text[0]);
            }
        }

        return false;
    }

    /// <summary>Whether <paramref name="update"/> decides the turn: something is heard, or a tool is called.</summary>
    public static bool IsDecisive(ChatResponseUpdate update) =>
        IsHeard(update) || update.Contents.Any(content => content is FunctionCallContent);

    /// <summary>
    /// The update with its refusal heard: it is what the model has to say, only by another name on the wire. Everything else stays as it is, and
    /// so does the update itself, which may be in the responder's cache.
    /// </summary>
    public static ChatResponseUpdate WithRefusalHeard(ChatResponseUpdate update)
    {
        var heard = update;
        for (var position = 0; position < update.Contents.Count; position++)
        {
            if (update.Contents[position] is ErrorContent refusal && Refusals.Is(refusal))
            {
                if (ReferenceEquals(heard, update))
                {
                    heard = update.Clone();
                    heard.Contents = [.. update.Contents];
                }

                heard.Contents[position] = new TextContent(refusal.Message);
            }
        }

        return heard;
    }

    /// <summary>Whether the caller hears something of <paramref name="content"/> that the responder said, and not what stands in for it.</summary>
    public static bool IsAnswer(AIContent content) => content is TextContent text && !string.IsNullOrWhiteSpace(text.Text) && !IsPhrase(text);

    /// <summary>What is said in place of the responder, such as while a tool runs: heard, but no answer.</summary>
    public static TextContent Phrase(string text) => new(text) { AdditionalProperties = new() { [PhraseMark] = true } };

    public static bool IsPhrase(AIContent content) => content.AdditionalProperties?.ContainsKey(PhraseMark) is true;

    /// <summary>An update of a <see cref="Phrase"/> alone.</summary>
    public static ChatResponseUpdate StandIn(string text) => new(ChatRole.Assistant, [Phrase(text)]);

    public static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    public static ChatResponseUpdate Stop() => new(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
}
