using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Keys;
using Switchboard.Models;

namespace Switchboard.Http;

/// <summary>Answers <c>GET models</c>: the configured model ids.</summary>
public sealed class ModelsEndpoint
{
    private readonly BearerCheck _access;
    private readonly ModelList _models;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ModelsEndpoint(BearerCheck access, ModelCatalog models, TimeProvider time, ILogger<ModelsEndpoint> logger)
    {
        _access = access;
        _time = time;
        _logger = logger;
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        _models = new ModelList([.. models.Ids.Select(id => new ModelCard(id, created))]);
    }

    public Task<IResult> HandleAsync(HttpContext context)
    {
        context.Response.Headers[RequestId.Header] = RequestId.New();
        return BoundedResult.OfAsync(context, () => AnswerAsync(context), _time, _logger);
    }

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        await _access.DemandAsync(context.Request, context.RequestAborted);
        return Results.Json(_models, EndpointJson.Default.ModelList);
    }
}
