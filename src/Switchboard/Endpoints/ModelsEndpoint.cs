using Microsoft.AspNetCore.Http;
using Switchboard.Access;
using Switchboard.Models;
using Switchboard.Telemetry;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>GET models</c>: the configured model ids.</summary>
public sealed class ModelsEndpoint
{
    private readonly BearerCheck _access;
    private readonly ModelList _models;

    internal ModelsEndpoint(BearerCheck access, ModelCatalog models, TimeProvider time)
    {
        _access = access;
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        _models = new ModelList([.. models.Ids.Select(id => new ModelCard(id, created))]);
    }

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        context.Response.Headers[RequestId.Header] = RequestId.New();
        try
        {
            await _access.DemandAsync(context.Request, context.RequestAborted);
            return Results.Json(_models, EndpointJson.Default.ModelList);
        }
        catch (ApiException refusal)
        {
            return new ErrorResult(refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
    }
}
