using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Switchboard.Http;

/// <summary>
/// Has browsers come by https only, on every answer to a request that came by it, whatever route and shell. TLS ends before us, so the proxy's word
/// counts; who only pretends changes nothing, since browsers heed the header on https alone.
/// </summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc6797</remarks>
internal sealed class StrictTransport : IStartupFilter
{
    // A year. Not for subdomains: on Azure's own domain there are none, and on a domain of one's own they are not ours.
    private const string Policy = "max-age=31536000";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, answer) =>
        {
            if (context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"].ToString().StartsWith("https", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Headers.StrictTransportSecurity = Policy;
            }

            return answer(context);
        });
        next(app);
    };
}
