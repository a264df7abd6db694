-- A membership with what the workspace says of the member: the groups they are
-- in and the attributes they have, as JSON. A left join finds `null` for nobody.
create view belonging as
select membership.workspace, membership.user, membership.role, membership.joined,
       membership.disabled,
       (select json_group_array(name) from (
            select people_group.name from people_group_member
            join people_group on people_group.id = people_group_member.people_group
            where people_group_member.user = membership.user
              and people_group.workspace = membership.workspace
            order by people_group.name)) as groups,
       (select json_group_object(name, value) from attribute
        where attribute.workspace = membership.workspace
          and attribute.user = membership.user) as attributes
from membership;
