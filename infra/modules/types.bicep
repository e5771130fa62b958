metadata description = 'Types that the modules share.'

@export()
@description('Texts by name: tags, app settings.')
type texts = {
  @description('The text of that name.')
  *: string
}
