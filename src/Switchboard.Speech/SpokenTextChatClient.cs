using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech;

/// <summary>Makes the answers of another client speakable, streamed or whole; what is not text passes through in its state.</summary>
/// <remarks>The updates and messages of that client stay as they are: changed ones are copies.</remarks>
/// <param name="innerClient">The client that answers; disposed with this one.</param>
/// <param name="options">What is said in place of what is left out; null for the defaults.</param>
public sealed class SpokenTextChatClient(IChatClient innerClient, SpokenTextOptions? options = null) : DelegatingChatClient(innerClient)
{
    private readonly SpokenTextOptions _spoken = options ?? new SpokenTextOptions();

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        return new ChatResponse([.. response.Messages.Select(message => message.Role == ChatRole.Assistant ? Spoken(message) : message)])
        {
            AdditionalProperties = response.AdditionalProperties,
            ConversationId = response.ConversationId,
            CreatedAt = response.CreatedAt,
            FinishReason = response.FinishReason,
            ModelId = response.ModelId,
            RawRepresentation = response.RawRepresentation,
            ResponseId = response.ResponseId,
            Usage = response.Usage,
        };
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var contents = new SpokenContents(_spoken);
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            if (last is not null && StartsAnother(last, update) && contents.Complete() is { } rest)
            {
                yield return Rest(last, rest);
            }

            last = update;
            if (contents.Filter(update) is { } spoken)
            {
                yield return spoken;
            }
        }

        if (contents.Complete() is { } end)
        {
            yield return Rest(last!, end);
        }
    }

    private ChatMessage Spoken(ChatMessage message)
    {
        var contents = new SpokenContents(_spoken);
        var copy = message.Clone();
        copy.Contents = contents.Filter(message.Contents, isLast: true);
        return copy;
    }

    private static bool StartsAnother(ChatResponseUpdate last, ChatResponseUpdate next) =>
        (next.MessageId is not null && last.MessageId is not null && next.MessageId != last.MessageId)
        || (next.Role is { } role && last.Role is { } before && role != before);

    private static ChatResponseUpdate Rest(ChatResponseUpdate last, TextContent content) => new(last.Role, [content])
    {
        AuthorName = last.AuthorName,
        ConversationId = last.ConversationId,
        CreatedAt = last.CreatedAt,
        MessageId = last.MessageId,
        ModelId = last.ModelId,
        ResponseId = last.ResponseId,
    };
}

/// <summary>Adds <see cref="SpokenTextChatClient"/> to a pipeline.</summary>
public static class SpokenTextChatClientExtensions
{
    /// <summary>
    /// Strips from the answers of <paramref name="client"/> what must not be read aloud. In a <c>ChatClientBuilder</c>:
    /// <c>builder.Use(inner =&gt; inner.UseSpokenText())</c>.
    /// </summary>
    /// <param name="client">The client that answers; disposed with the returned one.</param>
    /// <param name="options">What is said in place of what is left out; null for the defaults.</param>
    /// <returns>A client whose answers are speakable.</returns>
    public static IChatClient UseSpokenText(this IChatClient client, SpokenTextOptions? options = null) => new SpokenTextChatClient(client, options);
}

/// <summary>Filters the text among the contents of one answer, and keeps all of them in order.</summary>
internal sealed class SpokenContents(SpokenTextOptions options)
{
    private readonly SpokenTextFilter _filter = new(options);

    /// <summary>The update with what can be spoken now in place of its text; the update itself stays as it is, since it may be in the responder's cache.</summary>
    /// <returns>Null where nothing is left of it that anyone needs.</returns>
    public ChatResponseUpdate? Filter(ChatResponseUpdate update)
    {
        if (update.FinishReason is null && update.Contents is [TextContent content])
        {
            // Nearly every update: it goes on as it came where its text is spoken as it is.
            var spoken = Speak(content);
            return ReferenceEquals(spoken, content) ? update : spoken is null ? null : With(update, [spoken]);
        }

        var contents = Filter(update.Contents, isLast: update.FinishReason is not null);
        return contents.Count == 0 && update.Contents.Count > 0 && update.FinishReason is null ? null
            : contents.SequenceEqual(update.Contents) ? update : With(update, contents);
    }

    /// <param name="contents">The next contents of the answer.</param>
    /// <param name="isLast">No more follow.</param>
    public List<AIContent> Filter(IEnumerable<AIContent> contents, bool isLast)
    {
        var filtered = new List<AIContent>();
        foreach (var content in contents)
        {
            if (content is FunctionCallContent)
            {
                // What is said goes before what is done.
                Add(Complete());
            }

            Add(content is TextContent text ? Speak(text) : content);
        }

        if (isLast)
        {
            Add(Complete());
        }

        return filtered;

        void Add(AIContent? content)
        {
            if (content is not null)
            {
                filtered.Add(content);
            }
        }
    }

    /// <summary>What was held back, null where nothing was; the next text is a new one.</summary>
    public TextContent? Complete() => _filter.Complete() is { Length: > 0 } rest ? new TextContent(rest) : null;

    private TextContent? Speak(TextContent content)
    {
        var spoken = _filter.Push(content.Text);
        return spoken.Length == 0 ? null
            : ReferenceEquals(spoken, content.Text) ? content : new TextContent(spoken) { AdditionalProperties = content.AdditionalProperties };
    }

    private static ChatResponseUpdate With(ChatResponseUpdate update, List<AIContent> contents)
    {
        var copy = update.Clone();
        copy.Contents = contents;
        return copy;
    }
}
