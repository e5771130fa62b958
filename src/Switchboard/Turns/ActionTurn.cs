using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Calls;

namespace Switchboard.Turns;

/// <summary>One turn in which the responder may ask for call actions: keeps its calls back, judges the first, and tells the responder when that is refused.</summary>
internal sealed class ActionTurn
{
    /// <summary>How often the responder may be told that its arguments are wrong. After the last time it can only talk.</summary>
    public const int MaxRefusals = 2;

    private const string NotDone = "Not done: only one call action is possible, and the first one was refused.";

    private readonly Dictionary<string, CallAction> _actions = new(StringComparer.Ordinal);
    private readonly List<FunctionCallContent> _held = [];
    private readonly StringBuilder _said = new();
    private readonly CallContext _call;
    private readonly ILogger _logger;
    private int _refusals;
    private bool _hasSpoken;
    private bool _needsSpace;
    private bool _callsClient;
    private bool _isOpen;

    public ActionTurn(IReadOnlyList<CallAction> actions, IEnumerable<ChatMessage> messages, ChatOptions? options, ILogger logger)
    {
        _call = CallContext.From(options);
        _logger = logger;
        Messages = [.. messages];
        Options = options?.Clone() ?? new ChatOptions();
        var taken = Options.Tools?.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        // The client knows what its own tool does, and no service takes two tools of one name.
        var offered = actions.Where(action => !taken.Contains(action.Declaration.Name)).ToList();
        Options.Tools = [.. Options.Tools ?? [], .. offered.Select(action => action.Declaration)];
        foreach (var action in offered)
        {
            _actions[action.Declaration.Name] = action;
        }

        // A script says hangup, whatever name the platform has for it.
        foreach (var action in offered.Where(action => !taken.Contains(action.Name)))
        {
            _actions.TryAdd(action.Name, action);
        }
    }

    public List<ChatMessage> Messages { get; }

    public ChatOptions Options { get; }

    /// <summary>What of an update goes on at once: not the calls of actions, and after such a call not the end of the answer. Null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        var contents = Take(update.Contents);
        var isEnd = update.FinishReason is not null && _held.Count > 0;
        _isOpen |= isEnd;
        if (!isEnd && contents is null)
        {
            return update;
        }

        var passed = update.Clone();
        passed.Contents = contents ?? update.Contents;
        passed.FinishReason = isEnd ? null : update.FinishReason;
        return passed.Contents.Count > 0 || passed.FinishReason is not null ? passed : null;
    }

    /// <summary>Whether the responder must be asked again, because what it wanted was refused. <see cref="Messages"/> then tell it why.</summary>
    public bool AsksAgain()
    {
        if (_held.Count == 0 || Refusal() is not { } refusal)
        {
            return false;
        }

        // A call of the client's tool ends the turn: only the client can answer it.
        if (_callsClient || _refusals == MaxRefusals)
        {
            CallActionLog.Dropped(_logger, _actions[_held[0].Name].Name);
            _held.Clear();
            return false;
        }

        CallActionLog.Refused(_logger, _actions[_held[0].Name].Name);
        Messages.Add(new ChatMessage(ChatRole.Assistant, [.. _said.Length > 0 ? new AIContent[] { new TextContent(_said.ToString()) } : [], .. _held]));
        Messages.Add(new ChatMessage(ChatRole.Tool, [.. _held.Select((call, index) => new FunctionResultContent(call.CallId, index == 0 ? refusal : NotDone))]));
        Options.ToolMode = ++_refusals == MaxRefusals ? ChatToolMode.None : null;
        _needsSpace = _said.Length > 0 && !char.IsWhiteSpace(_said[^1]);
        _said.Clear();
        _held.Clear();
        _isOpen = false;
        return true;
    }

    /// <summary>What ends the answer: the action that was asked for first, once. Null when the answer has ended already.</summary>
    public ChatResponseUpdate? End()
    {
        if (_held.Count == 0)
        {
            return _isOpen ? new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = _callsClient ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop } : null;
        }

        var action = _actions[_held[0].Name];
        CallActionLog.Performed(_logger, action.Name);
        var contents = action.Perform(_held[0], _call, _hasSpoken);
        TurnNotes.Of(Options).Actions.Add(new PerformedAction(action.Name, action.ArgumentsOf(_held[0]), contents[^1]));
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            FinishReason = _callsClient || contents.Any(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
    }

    private string? Refusal() => _actions[_held[0].Name].Refusal(_held[0]);

    // Null when they can pass as they are.
    private List<AIContent>? Take(IList<AIContent> contents)
    {
        List<AIContent>? passed = null;
        for (var index = 0; index < contents.Count; index++)
        {
            var content = contents[index];
            if (content is FunctionCallContent call && _actions.ContainsKey(call.Name))
            {
                passed ??= [.. contents.Take(index)];
                _held.Add(call);
                continue;
            }

            if (content is TextContent { Text: { Length: > 0 } text } && Hear(text))
            {
                passed ??= [.. contents.Take(index)];
                content = new TextContent($" {text}");
            }

            _callsClient |= content is FunctionCallContent { InformationalOnly: false };
            passed?.Add(content);
        }

        return passed;
    }

    // Whether a space belongs before the text: it begins another reply.
    private bool Hear(string text)
    {
        var begins = _needsSpace && !char.IsWhiteSpace(text[0]);
        _needsSpace = false;
        _hasSpoken |= !string.IsNullOrWhiteSpace(text);
        _said.Append(text);
        return begins;
    }
}
