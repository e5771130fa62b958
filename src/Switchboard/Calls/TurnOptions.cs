using Microsoft.Extensions.AI;

namespace Switchboard.Calls;

/// <summary>Chat options that carry the call along the pipeline. Cloning keeps it.</summary>
internal sealed class TurnOptions : ChatOptions
{
    public TurnOptions(CallContext call) => Call = call;

    private TurnOptions(TurnOptions other)
        : base(other) => Call = other.Call;

    public CallContext Call { get; }

    public override ChatOptions Clone() => new TurnOptions(this);
}
