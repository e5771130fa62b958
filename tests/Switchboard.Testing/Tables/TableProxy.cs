using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Switchboard.Testing;

/// <summary>Stands between the app and Azurite, and decides what becomes of each request.</summary>
internal sealed class TableProxy : IAsyncDisposable
{
    private readonly HttpClient _tables;
    private WebApplication _app = null!;

    private TableProxy(int port) =>
        _tables = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    /// <summary>Decides; by default everything is forwarded. It may wait.</summary>
    public Func<HttpRequest, ValueTask<ProxyAction>> Decide { get; set; } = _ => ValueTask.FromResult(ProxyAction.Forward);

    public string ConnectionString => Azurite.ConnectionTo(new Uri(_app.Urls.Single()).Port);

    /// <summary>Whether <paramref name="request"/> stores a turn.</summary>
    public static bool IsWrite(HttpRequest request) => request.Path.Value!.EndsWith("/$batch", StringComparison.Ordinal);

    public static async Task<TableProxy> StartAsync(Azurite azurite)
    {
        var proxy = new TableProxy(azurite.Port);
        proxy._app = await Loopback.StartAsync(app => app.Run(proxy.ForwardAsync));
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _tables.Dispose();
        await _app.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        switch (await Decide(context.Request))
        {
            case ProxyAction.Drop:
                context.Abort();
                return;
            case ProxyAction.Busy:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case ProxyAction.Refuse:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            case ProxyAction.DropAnswer:
                using (await AskAsync(context.Request))
                {
                    context.Abort();
                }

                return;
            default:
                using (var answer = await AskAsync(context.Request))
                {
                    await AnswerAsync(context.Response, answer);
                }

                return;
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        // To the letter: the target is part of the signature.
        using var onwards = new HttpRequestMessage(new HttpMethod(request.Method), request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget) { Content = new ByteArrayContent(body.ToArray()) };
        foreach (var (name, values) in request.Headers.Where(header => header.Key is not ("Host" or "Content-Length")))
        {
            if (!onwards.Headers.TryAddWithoutValidation(name, (string?)values))
            {
                onwards.Content.Headers.TryAddWithoutValidation(name, (string?)values);
            }
        }

        return await _tables.SendAsync(onwards);
    }

    private static async Task AnswerAsync(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode is not HttpStatusCode.NoContent)
        {
            await answer.Content.CopyToAsync(response.Body);
        }
    }
}

/// <summary>What becomes of a request to the table service.</summary>
internal enum ProxyAction
{
    /// <summary>It gets there, and the answer comes back.</summary>
    Forward,

    /// <summary>It gets there, but the answer is lost on the way.</summary>
    DropAnswer,

    /// <summary>It is lost on the way.</summary>
    Drop,

    /// <summary>It is answered with 503.</summary>
    Busy,

    /// <summary>It is answered with 400.</summary>
    Refuse,
}
