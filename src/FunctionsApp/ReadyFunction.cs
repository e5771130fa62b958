using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Says whether turns would be answered.</summary>
public sealed class ReadyFunction(ReadyEndpoint endpoint)
{
    [Function("Ready")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Ready)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
