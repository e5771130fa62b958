using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Contract;
using Switchboard.Hosting;

namespace Switchboard.Http;

/// <summary>Answers <c>GET console</c>: the page on which people talk to a model and read what was said on calls.</summary>
public sealed class ConsoleEndpoint
{
    private readonly bool _enabled;
    private readonly Lazy<ConsolePage> _page = new(ConsolePage.Compose);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ConsoleEndpoint(IOptions<SwitchboardOptions> options, TimeProvider time, ILogger<ConsoleEndpoint> logger)
    {
        _enabled = options.Value.Console.Enabled;
        _time = time;
        _logger = logger;
    }

    public Task<IResult> HandleAsync(HttpContext context) => BoundedResult.OfAsync(
        context, () => Task.FromResult(_enabled ? Page(context.Response) : throw ApiException.ConsoleOff()), _time, _logger);

    private IResult Page(HttpResponse response)
    {
        var page = _page.Value;
        response.Headers.ContentSecurityPolicy = page.Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        return Results.Bytes(page.Html, "text/html; charset=utf-8");
    }
}
