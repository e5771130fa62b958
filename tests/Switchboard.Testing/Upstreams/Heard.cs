using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Testing;

/// <summary>What an answer came to.</summary>
internal sealed class Heard
{
    public string Text { get; private set; } = "";

    public string Reasoning { get; private set; } = "";

    public string Refusal { get; private set; } = "";

    public List<FunctionCallContent> Calls { get; } = [];

    public List<ChatFinishReason> FinishReasons { get; } = [];

    public List<UsageDetails> Usage { get; } = [];

    /// <summary>How the answer failed after all this; null when it did not.</summary>
    public ResponderException? Failure { get; private set; }

    public static Task<Heard> ListenAsync(IChatClient client, CancellationToken cancellationToken, ChatOptions? options = null) =>
        ListenAsync(client, [new ChatMessage(ChatRole.User, "Hello?")], options, cancellationToken);

    public static async Task<Heard> ListenAsync(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var heard = new Heard();
        try
        {
            await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                heard.Add(update);
            }
        }
        catch (ResponderException failure)
        {
            heard.Failure = failure;
        }

        return heard;
    }

    public void Add(ChatResponseUpdate update)
    {
        foreach (var content in update.Contents)
        {
            Text += (content as TextContent)?.Text;
            Reasoning += (content as TextReasoningContent)?.Text;
            Refusal += Refusals.Is(content) ? ((ErrorContent)content).Message : "";
            if (content is FunctionCallContent call)
            {
                Calls.Add(call);
            }
            else if (content is UsageContent usage)
            {
                Usage.Add(usage.Details);
            }
        }

        if (update.FinishReason is { } reason)
        {
            FinishReasons.Add(reason);
        }
    }
}
