namespace Switchboard.Upstream;

/// <summary>Gives the bearer token of one request; null sends none.</summary>
internal delegate ValueTask<string?> BearerSource(CancellationToken cancellationToken);
