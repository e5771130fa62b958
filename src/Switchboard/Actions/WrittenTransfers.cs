using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>The transfers that the responder writes in one turn: one that is allowed goes out as configured, once; every other one is taken out.</summary>
internal sealed class WrittenTransfers
{
    private readonly TransferRule _rule;
    private readonly CallContext _call;
    private readonly TurnNotes _notes;
    private readonly Func<bool> _isEnding;
    private readonly ILogger _logger;
    private readonly TransferReader _reader;
    private bool _isLogged;

    /// <param name="rule">Where the answers may transfer the call.</param>
    /// <param name="options">The turn's options.</param>
    /// <param name="isEnding">Whether another call action was asked for first.</param>
    /// <param name="logger">Told what became of the transfers.</param>
    public WrittenTransfers(TransferRule rule, ChatOptions? options, Func<bool> isEnding, ILogger logger)
    {
        _rule = rule;
        _call = CallContext.From(options);
        _notes = TurnNotes.Of(options);
        _isEnding = isEnding;
        _logger = logger;
        _reader = new TransferReader(Replace, WarnTakenOut);
    }

    /// <summary>Whether one went out: the call is over for us.</summary>
    public bool HasTransferred { get; private set; }

    /// <summary>Whether something was taken out of the answer.</summary>
    public bool HasTakenOut { get; private set; }

    /// <summary>What the caller hears when nothing else is left; null for nothing.</summary>
    public string? FailureText => HasTakenOut ? _rule.FailureText : null;

    /// <inheritdoc cref="TransferReader.Push"/>
    public string Push(string piece) => _reader.Push(piece);

    /// <inheritdoc cref="TransferReader.Complete"/>
    public string Complete() => _reader.Complete();

    /// <summary>A tool call that is no call action, without any directive in its arguments; null when it could transfer the call by itself.</summary>
    public FunctionCallContent? Clean(FunctionCallContent call, bool isDeclared)
    {
        if (isDeclared || !_rule.CouldTransfer(call))
        {
            return TransferRule.Clean(call);
        }

        CallActionLog.ToolCallDropped(_logger);
        HasTakenOut = true;
        return null;
    }

    private string Replace(string written)
    {
        if (_isEnding())
        {
            return "";
        }

        if (_rule.IsScripted(written))
        {
            HasTransferred |= ImsDirectives.IsTransfer(written);
            return written;
        }

        if (_rule.Allow(written, _call) is not { Content: TextContent directive } performed)
        {
            WarnTakenOut();
            return "";
        }

        if (HasTransferred)
        {
            return "";
        }

        HasTransferred = true;
        CallActionLog.Performed(_logger, performed.Name);
        _notes.Actions.Add(performed);
        return directive.Text;
    }

    private void WarnTakenOut()
    {
        HasTakenOut = true;
        if (!_isLogged)
        {
            _isLogged = true;
            CallActionLog.TransferTakenOut(_logger);
        }
    }
}
