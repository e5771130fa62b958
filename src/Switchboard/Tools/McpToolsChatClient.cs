using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Memory;
using Switchboard.Platforms;

namespace Switchboard.Tools;

/// <summary>Lets the responder call the tools of MCP servers, and keeps from the caller all of it but the text.</summary>
internal sealed class McpToolsChatClient : StreamingStep
{
    private readonly IReadOnlyList<McpConnection> _servers;
    private readonly CallMemory _memory;
    private readonly ILogger _logger;
    private readonly string _model;
    private readonly int _maxRounds;
    private int _phrases = -1;
    private int _leftOut;

    public McpToolsChatClient(
        IChatClient innerClient, IReadOnlyList<McpConnection> servers, string model, int maxRounds, CallMemory memory, ILogger<McpToolsChatClient> logger)
        : base(innerClient)
    {
        _model = model;
        _servers = servers;
        _memory = memory;
        _logger = logger;
        _maxRounds = maxRounds;
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        // A client's tool is only declared; what can be invoked is a call action, which the step further out judges.
        var actions = Names(options, tool => tool is AIFunction);
        var clients = Names(options, tool => tool is not AIFunction);
        var tools = Offered(actions, clients);
        var memory = _memory.Enter([.. messages], options as TurnOptions);
        if (options is TurnOptions { Origin: not null } turn)
        {
            turn.Notes.Ended += memory.Leave;
        }
        else
        {
            // Nobody will tell when it ends, nor ask again.
            memory.Leave(isWhole: true);
        }

        return InvokeAsync(options, tools, actions, clients, memory, cancellationToken);
    }

    private Dictionary<string, McpFunction> Offered(HashSet<string> actions, HashSet<string> clients)
    {
        var tools = new Dictionary<string, McpFunction>(StringComparer.Ordinal);
        var (length, leftOut) = (0, 0);
        foreach (var tool in _servers.SelectMany(server => server.Tools).Where(tool => !actions.Contains(tool.Name) && !clients.Contains(tool.Name)))
        {
            if (tools.ContainsKey(tool.Name))
            {
                continue;
            }

            if (tools.Count + actions.Count + clients.Count >= McpLimits.Tools || length + tool.Length > McpLimits.OfferedLength)
            {
                leftOut++;
                continue;
            }

            length += tool.Length;
            tools.Add(tool.Name, tool);
        }

        // Once, not at every turn.
        if (Interlocked.Exchange(ref _leftOut, leftOut) != leftOut && leftOut > 0)
        {
            McpLog.TooMany(_logger, _model, leftOut);
        }

        return tools;
    }

    private static HashSet<string> Names(ChatOptions? options, Func<AITool, bool> isWanted) =>
        options?.Tools?.Where(isWanted).Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal) ?? [];

    private async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatOptions? options,
        Dictionary<string, McpFunction> tools,
        HashSet<string> actions,
        HashSet<string> clients,
        TurnMemory memory,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var messages = await memory.RestoreAsync(cancellationToken);
        if (tools.Count == 0 && actions.Count == 0)
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        var form = Dialects.Of(CallContext.From(options)).Answer;
        using var turn = new McpTurn(tools, actions, clients, server => Phrase(server) is { Length: > 0 } phrase ? form.Filler(phrase) : null, memory, TurnOptions.LoggerOf(_logger, options));
        var withTools = options?.Clone() ?? new ChatOptions();
        withTools.Tools = [.. withTools.Tools ?? [], .. tools.Values];
        // Not disposed, since that would dispose the inner client, which is every turn's. Without a logger: it would log arguments and results.
        var invoking = new FunctionInvokingChatClient(InnerClient, NullLoggerFactory.Instance)
        {
            AllowConcurrentInvocation = true,
            MaximumIterationsPerRequest = _maxRounds,
            // The rounds are the limit; a failure ends in a reply of the responder, not in an exception.
            MaximumConsecutiveErrorsPerRequest = int.MaxValue,
            FunctionInvoker = turn.InvokeAsync,
        };
        await foreach (var update in invoking.GetStreamingResponseAsync(messages, withTools, cancellationToken))
        {
            if (turn.Take(update) is { } passed)
            {
                yield return passed;
            }
        }

        turn.End();
    }

    // One after the other, so that a caller who needs two tools does not hear the same words twice.
    private string? Phrase(McpConnection server)
    {
        var phrases = server.Options.PreToolPhrase;
        return phrases.Count == 0 ? null : phrases[(int)((uint)Interlocked.Increment(ref _phrases) % (uint)phrases.Count)];
    }
}
