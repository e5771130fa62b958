using Polly;
using Polly.CircuitBreaker;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>Makes the circuits: a route that fails at least half of its last turns is left alone for a while, then asked again by one turn.</summary>
internal static class Circuits
{
    /// <summary>How long a failing route is left alone.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(15);

    /// <summary>How many turns a judgement needs, within <see cref="Window"/>.</summary>
    public const int MinimumTurns = 4;

    /// <summary>The time that is looked back on.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    public static ResiliencePipeline Create(TimeProvider time)
    {
        var state = new CircuitBreakerStateProvider();
        return new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = MinimumTurns,
            SamplingDuration = Window,
            BreakDuration = Break,
            // A request that the upstream finds at fault says nothing about the upstream's health, nor does a caller who leaves.
            // But a probe that nobody waited for has proved nothing, and what is no failure would close the circuit.
            ShouldHandle = new PredicateBuilder()
                .Handle<ResponderException>(failure => !failure.BlamesRequest)
                .Handle<OperationCanceledException>(_ => state.CircuitState is CircuitState.HalfOpen),
            StateProvider = state,
        }).Build();
    }
}
