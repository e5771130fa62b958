namespace Switchboard.Testing;

/// <summary>What <see cref="FaultyUpstream"/> does with one request.</summary>
internal delegate Task Behaviour(Exchange exchange);
