using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech;

/// <summary>
/// Makes the answers of another client speakable, streamed or whole; what is not text passes through in its state. Where the model writes
/// a call of a tool of <see cref="ChatOptions.Tools"/> as text, in the syntax of its family, it becomes a <see cref="FunctionCallContent"/> at the
/// end of the answer; a call of any other tool is silent.
/// </summary>
/// <remarks>
/// The updates and messages of that client stay as they are: changed ones are copies. A call whose arguments are no JSON object has an
/// <see cref="FunctionCallContent.Exception"/>, and their text in its additional property <c>arguments</c>. Of calls as text, 16 an answer and 65,536
/// characters each are read; where the answer also has a call of the same tool that is none of its text, that one counts.
/// </remarks>
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
        var tools = DeclaredTools.From(options);
        var hasCalls = false;
        List<ChatMessage> spoken = [.. response.Messages.Select(message => message.Role == ChatRole.Assistant ? Spoken(message, tools, ref hasCalls) : message)];
        return new ChatResponse(spoken)
        {
            AdditionalProperties = response.AdditionalProperties,
            ConversationId = response.ConversationId,
            CreatedAt = response.CreatedAt,
            FinishReason = hasCalls && response.FinishReason == ChatFinishReason.Stop ? ChatFinishReason.ToolCalls : response.FinishReason,
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
        var contents = new SpokenContents(_spoken, DeclaredTools.From(options));
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            if (last is not null && StartsAnother(last, update) && contents.Rest() is { Count: > 0 } rest)
            {
                yield return Rest(last, rest);
            }

            last = update;
            if (contents.Filter(update) is { } spoken)
            {
                yield return spoken;
            }
        }

        if (contents.Rest() is { Count: > 0 } end)
        {
            yield return Rest(last!, end);
        }
    }

    private ChatMessage Spoken(ChatMessage message, DeclaredTools? tools, ref bool hasCalls)
    {
        var contents = new SpokenContents(_spoken, tools);
        var copy = message.Clone();
        copy.Contents = contents.Filter(message.Contents, isLast: true);
        hasCalls |= contents.HasCalls;
        return copy;
    }

    private static bool StartsAnother(ChatResponseUpdate last, ChatResponseUpdate next) =>
        (next.MessageId is not null && last.MessageId is not null && next.MessageId != last.MessageId)
        || (next.Role is { } role && last.Role is { } before && role != before);

    private static ChatResponseUpdate Rest(ChatResponseUpdate last, List<AIContent> contents) => new(last.Role, contents)
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
internal sealed class SpokenContents(SpokenTextOptions options, DeclaredTools? tools)
{
    private readonly List<string>? _written = tools is null ? null : [];
    private readonly HashSet<string> _called = new(StringComparer.Ordinal);
    private SpokenTextFilter? _filter;

    private SpokenTextFilter TextFilter => _filter ??= new(options) { Calls = _written };

    /// <summary>A call was read out of the text.</summary>
    public bool HasCalls { get; private set; }

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
            : contents.SequenceEqual(update.Contents) ? update : With(update, contents, HasCalls);
    }

    /// <summary>What was held back at the end of an answer, and the calls in its text.</summary>
    public List<AIContent> Rest() => Filter([], isLast: true);

    /// <param name="contents">The next contents of the answer.</param>
    /// <param name="isLast">No more follow.</param>
    public List<AIContent> Filter(IEnumerable<AIContent> contents, bool isLast)
    {
        var filtered = new List<AIContent>();
        foreach (var content in contents)
        {
            if (content is FunctionCallContent call)
            {
                // What is said goes before what is done.
                _called.Add(call.Name);
                Add(Complete());
            }

            Add(content is TextContent text ? Speak(text) : content);
        }

        if (isLast)
        {
            Add(Complete());
            filtered.AddRange(TakeCalls());
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

    // What was held back, null where nothing was; the next text is a new one.
    private TextContent? Complete() => TextFilter.Complete() is { Length: > 0 } rest ? new TextContent(rest) : null;

    // Some servers leave a call in the text that they have read themselves.
    private List<AIContent> TakeCalls()
    {
        if (_written is not { Count: > 0 })
        {
            return [];
        }

        List<AIContent> calls = [.. _written.SelectMany(text => CallText.Read(text, tools!)).Where(call => !_called.Contains(call.Name)).Take(CallText.MostCalls)];
        _written.Clear();
        HasCalls |= calls.Count > 0;
        return calls;
    }

    private TextContent? Speak(TextContent content)
    {
        var spoken = TextFilter.Push(content.Text);
        return spoken.Length == 0 ? null
            : ReferenceEquals(spoken, content.Text) ? content : new TextContent(spoken) { AdditionalProperties = content.AdditionalProperties };
    }

    private static ChatResponseUpdate With(ChatResponseUpdate update, List<AIContent> contents, bool hasCalls = false)
    {
        var copy = update.Clone();
        copy.Contents = contents;
        copy.FinishReason = hasCalls && copy.FinishReason == ChatFinishReason.Stop ? ChatFinishReason.ToolCalls : copy.FinishReason;
        return copy;
    }
}
