using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech;

/// <summary>Filters the text among the contents of one answer, and keeps all of them in order.</summary>
internal sealed class SpokenContents(SpokenTextOptions options)
{
    private readonly SpokenTextFilter _filter = new(options);
    private readonly List<ReadOnlyMemory<char>> _spoken = [];

    /// <summary>The update with what can be spoken now in place of its text; the update itself stays as it is, since it may be in the responder's cache.</summary>
    /// <returns>Null where nothing is left of it that anyone needs.</returns>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        if (update.FinishReason is null && update.Contents is [TextContent { Text: { } text } content])
        {
            // Nearly every update: it goes on as it came where its text is spoken as it is.
            _spoken.Clear();
            _filter.Push(text, _spoken);
            return IsWhole(text) ? update : Texts(content) is { Count: > 0 } spoken ? With(update, spoken) : null;
        }

        var contents = Filter(update.Contents);
        if (update.FinishReason is not null)
        {
            contents.AddRange(Complete());
        }

        return contents.Count > 0 || update.Contents.Count == 0 || update.FinishReason is not null ? With(update, contents) : null;
    }

    public List<AIContent> Filter(IEnumerable<AIContent> contents)
    {
        var filtered = new List<AIContent>();
        foreach (var content in contents)
        {
            if (content is TextContent text)
            {
                _spoken.Clear();
                _filter.Push(text.Text ?? "", _spoken);
                filtered.AddRange(Texts(text));
                continue;
            }

            if (content is FunctionCallContent)
            {
                // What is said goes before what is done.
                filtered.AddRange(Complete());
            }

            filtered.Add(content);
        }

        return filtered;
    }

    /// <summary>What was held back; the next text is a new one.</summary>
    public List<AIContent> Complete()
    {
        _spoken.Clear();
        _filter.Complete(_spoken);
        return Texts(null);
    }

    private static ChatResponseUpdate With(ChatResponseUpdate update, List<AIContent> contents)
    {
        if (contents.SequenceEqual(update.Contents))
        {
            return update;
        }

        var copy = update.Clone();
        copy.Contents = contents;
        return copy;
    }

    private List<AIContent> Texts(TextContent? source)
    {
        if (_spoken.Count == 0)
        {
            return [];
        }

        return source is not null && IsWhole(source.Text) ? [source]
            : [new TextContent(string.Concat(_spoken)) { AdditionalProperties = source?.AdditionalProperties }];
    }

    private bool IsWhole(string text) =>
        _spoken is [var only] && only.Length == text.Length && MemoryMarshal.TryGetString(only, out var spoken, out _, out _) && ReferenceEquals(spoken, text);
}
