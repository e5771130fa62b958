using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Keys;
using Switchboard.Models;

namespace Switchboard.Http;

/// <summary>Answers <c>GET models</c>: the configured model ids, and <c>GET models/{id}</c>: one of them.</summary>
internal sealed class ModelRoutes(AccessControl access, ModelCatalog models) : IRoutes
{
    public IEnumerable<HttpRoute> All => [Route(Routes.Models), Route(Routes.ModelsV1), Route(Routes.Model), Route(Routes.ModelV1)];

    private HttpRoute Route(string path) => new(path, [HttpMethods.Get, HttpMethods.Options], AnswerAsync) { IsForPages = true };

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        context.Response.Headers[RequestId.Header] = RequestId.New();
        await access.Platforms.DemandAsync(context.Request, context.RequestAborted);
        var current = models.Current;
        var list = new ModelList([.. current.Ids.Select(id => new ModelCard(id, current.LoadedAt.ToUnixTimeSeconds()))]);
        if (RepeatedAddress.ModelOf(context) is not { } id)
        {
            return Results.Json(list, EndpointJson.Default.ModelList);
        }

        return list.Data.FirstOrDefault(model => model.Id == id) is { } card ? Results.Json(card, EndpointJson.Default.ModelCard)
            // The path of the list, twice.
            : id.Equals(Routes.Models, StringComparison.OrdinalIgnoreCase) ? Results.Json(list, EndpointJson.Default.ModelList)
            : throw ApiException.NoSuchModel();
    }
}

/// <summary>The answer of <c>GET models</c>.</summary>
/// <param name="Data">The models.</param>
/// <param name="Object">Always <c>list</c>.</param>
/// <remarks>https://platform.openai.com/docs/api-reference/models/list</remarks>
internal sealed record ModelList(IReadOnlyList<ModelCard> Data, string Object = "list");

/// <summary>One configured model.</summary>
/// <param name="Id">The model id.</param>
/// <param name="Created">When this instance loaded it, in Unix seconds.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="OwnedBy">Always <c>switchboard</c>.</param>
internal sealed record ModelCard(string Id, long Created, string Object = "model", string OwnedBy = "switchboard");

/// <summary>The JSON of the small answers, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class EndpointJson : JsonSerializerContext;
